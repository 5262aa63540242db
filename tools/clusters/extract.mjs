// Writes host/zigbee/clusters.json from an installed zigbee-herdsman: the facts of its cluster
// tables as it has them at run time (names, ids, types, codes, parameters, conditions, the properties
// that zigbee2mqtt publishes in bridge/definitions), and nothing else of it.
//
//   npm install zigbee-herdsman
//   node tools/clusters/extract.mjs node_modules > host/zigbee/clusters.json
//
// One attribute or command a line, so that a new release shows as a readable difference.

import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const modules = resolve(process.argv[2] ?? 'node_modules');
const load = createRequire(modules + '/');
const { Zcl } = load('zigbee-herdsman');
const { version } = load('zigbee-herdsman/package.json');

const members = (object) => {
    const lines = Object.entries(object).map(([key, value]) => {
        if (value.name !== key) throw new Error(`${key} is called ${value.name}`);
        return `        ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    });
    return lines.length ? `{\n${lines.join(',\n')}\n      }` : '{}';
};

const clusters = Object.entries(Zcl.Clusters).map(([key, cluster]) => {
    const { attributes, commands, commandsResponse, ...own } = cluster;
    if (cluster.name !== key) throw new Error(`${key} is called ${cluster.name}`);
    const head = Object.entries(own).map(([k, v]) => `      ${JSON.stringify(k)}: ${JSON.stringify(v)}`);
    return `    ${JSON.stringify(key)}: {
${head.join(',\n')},
      "attributes": ${members(attributes)},
      "commands": ${members(commands)},
      "commandsResponse": ${members(commandsResponse)}
    }`;
});

process.stdout.write(`{
  "source": "zigbee-herdsman ${version}, Zcl.Clusters",
  "clusters": {
${clusters.join(',\n')}
  }
}
`);

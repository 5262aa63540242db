// Prints the octets that structs_test.cpp expects, from zigbee-herdsman's own structures:
//   NODE_PATH=<folder with zigbee-herdsman>/node_modules node structs_from_herdsman.js
const path = require("node:path");
const root = path.dirname(require.resolve("zigbee-herdsman"));
const structs = require(path.join(root, "adapter/z-stack/structs"));

const counting = (size) => Buffer.from(Array.from({length: size}, (_, i) => i + 1));
const shapes = {
    nib: 110,
    nwkKeyDescriptor: 17,
    addressManagerEntry: 11,
    securityManagerEntry: 5,
    apsLinkKeyDataEntry: 24,
    apsTcLinkKeyEntry: 19,
    nwkSecMaterialDescriptorEntry: 12,
};
for (const [name, size] of Object.entries(shapes)) {
    const filled = structs[name](counting(size));
    console.log(name, "aligned", filled.serialize("aligned").toString("hex"));
    console.log(name, "empty", structs[name]().serialize("aligned").toString("hex"));
}

const table = structs.securityManagerTable(3);
Object.assign(table.entries[0], {ami: 4, keyNvId: 0x201, authenticationOption: 1});
console.log("security manager table", table.serialize("unaligned").toString("hex"));
console.log("security manager table aligned", table.serialize("aligned").toString("hex"));

// A link key, computed as the adapter's backup does it.
const seed = Buffer.from(Array.from({length: 16}, (_, i) => 0xa0 + i));
const address = Buffer.from("00158d0001020304", "hex").reverse();
const rotated = Buffer.concat([seed.subarray(3), seed.subarray(0, 3)]);
console.log("link key", Buffer.from(rotated.map((octet, i) => octet ^ address[i % 8])).toString("hex"));

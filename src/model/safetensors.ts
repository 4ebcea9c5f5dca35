export {openSafetensors, type TensorReader} from './safetensors/reader.js';
export {openSharded} from './safetensors/sharded.js';
export {writeSafetensors, type SafetensorsEntry, type WriteOptions} from './safetensors/writer.js';

import type {DataType, TensorInfo} from '@tensorflow/tfjs-core';

/** The part of tfjs's wasm backend that our kernels use. Tensors lie in the module's memory as row-major arrays. */
export interface WasmBackend {
  readonly wasm: {
    cwrap(
      name: string,
      result: null,
      parameters: readonly ('number' | 'array')[],
    ): (...args: unknown[]) => void;
    readonly tfjs: {
      /** Gives a number to `size` values at a byte offset. */
      readonly registerTensor: (id: number, size: number, offset: number) => void;
      /** Forgets a number and what was derived from its values (packed weights); frees nothing. */
      readonly disposeData: (id: number) => void;
    };
  };
  readonly dataIdMap: {get(dataId: object): {readonly id: number; readonly memoryOffset: number}};
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
  /** Frees what makeOutput made. */
  disposeData(dataId: object): void;
  /** The values in place; a later allocation may move them. */
  typedArrayFromHeap(info: TensorInfo): Float32Array | Int32Array;
}

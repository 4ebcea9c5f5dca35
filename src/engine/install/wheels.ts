/** One wheel of the Python package index, pinned to the byte. */
export interface Wheel {
  /** File name; project, version, Python and platform are read from it (PEP 427). */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 of the file, lower-case hexadecimal. */
  readonly sha256: string;
  /** Sum of the sizes of the files that `take` selects. */
  readonly unpackedBytes: number;
  /** Globs of what we need from it: `*` stays within a path segment, `**` does not. */
  readonly take: readonly string[];
}

export const engineKinds = ['cpu', 'cuda'] as const;
export type EngineKind = (typeof engineKinds)[number];

/** The wheels that together make one engine. The first holds TensorFlow's libraries and headers. */
export interface WheelSet {
  readonly kind: EngineKind;
  readonly wheels: readonly [Wheel, ...Wheel[]];
}

const tensorflowFiles = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  'tensorflow/include/tensorflow/c/**.h',
  'tensorflow/include/tensorflow/core/platform/ctstring*.h',
  'tensorflow/include/tsl/platform/ctstring*.h',
  'tensorflow/include/xla/tsl/c/**.h',
];

/**
 * The engines that can be installed. The CUDA wheels are what the `and-cuda` extra of TensorFlow's metadata
 * resolved to on 2026-11-23; hashes are those that pip reports. Libraries that TensorFlow never opens (nvblas,
 * cufftw, cusolverMg, the alternative nvrtc) stay in the wheels. To move a pin: fetch the wheel with the arguments
 * of pip-download.ts, and take the numbers from sha256sum and from the archive's directory.
 */
export const wheelSets: Readonly<Record<EngineKind, WheelSet>> = {
  cpu: {
    kind: 'cpu',
    wheels: [
      {
        file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
        bytes: 273_829_956,
        sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
        unpackedBytes: 853_868_899,
        take: tensorflowFiles,
      },
    ],
  },
  cuda: {
    kind: 'cuda',
    wheels: [
      {
        file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
        bytes: 572_440_367,
        sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
        unpackedBytes: 1_259_581_043,
        take: tensorflowFiles,
      },
      {
        file: 'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 581_217_458,
        sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
        unpackedBytes: 854_310_592,
        take: ['nvidia/cublas/lib/libcublas*.so.12'],
      },
      {
        file: 'nvidia_cuda_cupti_cu12-12.9.79-py3-none-manylinux_2_25_x86_64.whl',
        bytes: 10_814_997,
        sha256: '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f',
        unpackedBytes: 41_254_432,
        take: ['nvidia/cuda_cupti/lib/libcupti.so.12', 'nvidia/cuda_cupti/lib/libnvperf_*.so'],
      },
      {
        file: 'nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        bytes: 40_546_229,
        sha256: '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
        unpackedBytes: 35_417_224,
        take: ['nvidia/cuda_nvcc/bin/ptxas', 'nvidia/cuda_nvcc/nvvm/libdevice/*.bc'],
      },
      {
        file: 'nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        bytes: 89_568_129,
        sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
        unpackedBytes: 113_447_240,
        take: ['nvidia/cuda_nvrtc/lib/libnvrtc.so.12', 'nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.*'],
      },
      {
        file: 'nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        bytes: 3_493_179,
        sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
        unpackedBytes: 741_088,
        take: ['nvidia/cuda_runtime/lib/libcudart.so.12'],
      },
      {
        file: 'nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 716_538_495,
        sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
        unpackedBytes: 1_162_393_472,
        take: ['nvidia/cudnn/lib/libcudnn*.so.9'],
      },
      {
        file: 'nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        bytes: 200_877_592,
        sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
        unpackedBytes: 291_507_928,
        take: ['nvidia/cufft/lib/libcufft.so.11'],
      },
      {
        file: 'nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 68_295_626,
        sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
        unpackedBytes: 166_965_432,
        take: ['nvidia/curand/lib/libcurand.so.10'],
      },
      {
        file: 'nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 338_117_415,
        sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
        unpackedBytes: 302_024_152,
        take: ['nvidia/cusolver/lib/libcusolver.so.11'],
      },
      {
        file: 'nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        bytes: 366_465_088,
        sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
        unpackedBytes: 486_556_368,
        take: ['nvidia/cusparse/lib/libcusparse.so.12'],
      },
      {
        file: 'nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 351_526_311,
        sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
        unpackedBytes: 473_614_536,
        take: ['nvidia/nccl/lib/libnccl.so.2'],
      },
      {
        file: 'nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        bytes: 39_748_338,
        sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
        unpackedBytes: 95_935_344,
        take: ['nvidia/nvjitlink/lib/libnvJitLink.so.12'],
      },
    ],
  },
};

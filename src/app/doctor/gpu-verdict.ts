import type {GpuFacts} from './gpu.js';
import type {EngineFacts} from './engines.js';

/** Whether a GPU computes, why not, and what would change that. */
export interface GpuVerdict {
  readonly used: boolean;
  /** One clause. */
  readonly reason: string;
  /** A command or a step; absent when there is nothing to mend. */
  readonly fix?: string;
}

/** The oldest driver that CUDA 12 runs on. */
const oldestDriver = 525;

/** Says why a GPU is used or not: the first cause on the way from the card to TensorFlow. */
export function gpuVerdict(gpu: GpuFacts, {linked, tensorflow}: EngineFacts): GpuVerdict {
  const isSeen = gpu.devices.length > 0 || gpu.deviceFiles > 0;
  if (tensorflow?.works && tensorflow.value.gpu) return {used: true, reason: 'TensorFlow computes on it'};
  if (!isSeen && gpu.driver === undefined) return withoutDriver(gpu);
  if (!isSeen) {
    return {
      used: false,
      reason: `the NVIDIA driver ${gpu.driver} is loaded, but /dev has no nvidia device (as in a container)`,
      fix: 'start the container with --gpus all, or load the device files with nvidia-modprobe -u -c 0',
    };
  }
  const major = Number(gpu.driver?.split('.')[0]);
  if (major < oldestDriver) {
    const reason = `the NVIDIA driver ${gpu.driver} is too old for CUDA 12`;
    return {used: false, reason, fix: `install driver ${oldestDriver} or newer`};
  }
  if (gpu.visible !== undefined && /^\s*(-1.*)?$/.test(gpu.visible)) {
    const reason = `CUDA_VISIBLE_DEVICES="${gpu.visible}" hides it`;
    return {used: false, reason, fix: 'unset CUDA_VISIBLE_DEVICES'};
  }
  if (!linked?.cuda) {
    const reason = linked ? 'the linked engine is the one for processors' : 'no TensorFlow engine is linked';
    return {used: false, reason, fix: 'fewclip engine install --cuda'};
  }
  return withCudaEngine(tensorflow);
}

function withoutDriver({cards}: GpuFacts): GpuVerdict {
  if (cards === 0) return {used: false, reason: 'this machine has no NVIDIA GPU'};
  return {
    used: false,
    reason: 'an NVIDIA GPU is on the PCI bus, but its driver is not loaded',
    fix: 'install the NVIDIA driver of your distribution (Debian: nvidia-driver; Ubuntu: ubuntu-drivers install)',
  };
}

function withCudaEngine(tensorflow: EngineFacts['tensorflow']): GpuVerdict {
  if (!tensorflow?.works) {
    return {
      used: false,
      reason: 'the CUDA engine does not load',
      fix: 'fewclip engine install --cuda --force',
    };
  }
  const said = tensorflow.value.remarks.at(-1);
  return {
    used: false,
    reason: `TensorFlow did not take it${said === undefined ? '' : ` (${said})`}`,
    fix: 'fewclip engine install --cuda --force',
  };
}

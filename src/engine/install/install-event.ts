/** What an installation tells while it works. */
export type InstallEvent =
  | {
      readonly type: 'progress';
      readonly phase: 'download' | 'verify' | 'unpack';
      /** File name of the wheel. */
      readonly file: string;
      readonly doneBytes: number;
      readonly totalBytes: number;
      /** Over the last seconds; 0 while unknown. */
      readonly bytesPerSecond: number;
    }
  | {readonly type: 'phase'; readonly phase: 'build' | 'check' | 'link'}
  | {readonly type: 'notice'; readonly message: string};

export type OnInstallEvent = (event: InstallEvent) => void;

import {Flags} from '@oclif/core';

/** How large the shards are that a command writes. */
export const shardRowsFlag = {
  'shard-rows': Flags.integer({
    min: 1,
    default: 10_000,
    description: 'images in a shard, for parquet and webdataset',
  }),
};

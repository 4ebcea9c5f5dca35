"""Parquet files as pyarrow writes them, for test/src/data/layouts/parquet.test.ts.

    python test/golden/parquet.py        (pyarrow 26.0.1)

Row i holds the text "image i" repeated i % 7 + 1 times instead of an image.
"""

import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "parquet")
os.makedirs(here, exist_ok=True)
count = 40


def image(i):
    return f"image {i};".encode() * (i % 7 + 1)


def write(name, table, **options):
    pq.write_table(table, os.path.join(here, name), **options)


struct = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
captions = [[f"caption {i} {k}" for k in range(i % 3 + 1)] for i in range(count)]

# as Hugging Face's datasets: a struct, names of labels in the footer; dictionary first, plain when it is full
features = {"image": {"_type": "Image"}, "label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}
hugging_face = pa.table(
    {
        "image": pa.array([{"bytes": image(i % 37), "path": f"{i:03}.jpg"} for i in range(count)], struct),
        "captions": pa.array(captions, pa.list_(pa.string())),
        "label": pa.array([i % 2 for i in range(count)], pa.int64()),
    }
).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
write("hugging-face.parquet", hugging_face, row_group_size=25, data_page_size=200, write_batch_size=4,
      dictionary_pagesize_limit=300, compression="snappy")

# as img2dataset: bytes alone, under the name of the encoding, with a key
shard = pa.table(
    {
        "key": [f"{i:09}" for i in range(count)],
        "caption": [f"caption {i}" for i in range(count)],
        "jpg": pa.array([image(i) for i in range(count)], pa.binary()),
    }
)
write("img2dataset.parquet", shard, data_page_version="2.0", data_page_size=300, write_batch_size=5,
      compression="zstd", use_dictionary=False)

paths = pa.table({"file_name": [f"{i:03}.jpg" for i in range(3)], "text": ["one", "two", "three"]})
write("paths.parquet", paths, compression="gzip")
write("missing-image.parquet", pa.table({"image": pa.array([{"bytes": image(0), "path": "0.jpg"}, None], struct)}))
write("no-image.parquet", pa.table({"url": ["a"], "caption": ["b"]}))

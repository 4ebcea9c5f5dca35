import {createHash} from 'node:crypto';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** Something that goes wrong once, when the bytes of a file are asked for. */
export type Fault =
  | {readonly kind: 'drop'; readonly afterBytes: number}
  | {readonly kind: 'end-early'; readonly afterBytes: number}
  | {readonly kind: 'length'; readonly bytes: number}
  | {readonly kind: 'too-long'; readonly bytes: number}
  | {readonly kind: 'corrupt'}
  | {readonly kind: 'ignore-range'}
  | {readonly kind: 'status'; readonly status: number};

export interface FakeRepository {
  commit: string;
  readonly files: Record<string, Buffer>;
  /** Branches and tags beside `main`. */
  readonly refs?: Record<string, string>;
  /** The token that opens it. */
  readonly token?: string;
  readonly isGated?: boolean;
  /** Sizes that the listing claims instead of the true ones. */
  readonly claimedBytes?: Record<string, number>;
  /** Files that are listed with their Xet hash alone. */
  readonly xetFiles?: readonly string[];
}

export interface FakeHub {
  readonly endpoint: string;
  readonly repositories: Record<string, FakeRepository>;
  /** Faults of a file, used up one a request. */
  readonly faults: Record<string, Fault[]>;
  /** Requests so far: `hub GET /path` or `cdn GET /path`, with what matters of their headers. */
  readonly requests: {readonly line: string; readonly range?: string; readonly authorization?: string}[];
  close(): Promise<void>;
}

/** Files above this size are kept as the hub keeps big files: by SHA-256, on another host. */
const lfsBytes = 1000;
const pageSize = 3;

/** A server that answers the hub's API as its clients ask it, and a second host for big files. */
export async function startFakeHub(repositories: Record<string, FakeRepository>): Promise<FakeHub> {
  const requests: FakeHub['requests'] = [];
  const faults: FakeHub['faults'] = {};
  const blobs = () => Object.values(repositories).flatMap(({files}) => Object.entries(files));
  const cdn = await listen((request, response) => {
    record(requests, 'cdn', request);
    const hash = request.url!.split('/').at(-1);
    const [name, bytes] = blobs().find(([, content]) => sha256(content) === hash)!;
    sendBytes(request, response, bytes, faults[name]?.shift());
  });
  const hub = await listen((request, response) => {
    record(requests, 'hub', request);
    answer({repositories, faults, cdn: originOf(cdn), hub: originOf(hub)}, request, response);
  });
  return {
    endpoint: originOf(hub),
    repositories,
    faults,
    requests,
    close: async () => {
      for (const server of [hub, cdn]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

interface Hosts {
  readonly repositories: Record<string, FakeRepository>;
  readonly faults: Record<string, Fault[]>;
  readonly hub: string;
  readonly cdn: string;
}

function answer(hosts: Hosts, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, hosts.hub);
  const parts = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const isApi = parts[0] === 'api';
  const [owner, name, verb, revision, file] = isApi ? parts.slice(2) : parts;
  const id = `${owner}/${name}`;
  const repository = hosts.repositories[id];
  const isAllowed =
    repository?.token === undefined || request.headers.authorization === `Bearer ${repository.token}`;
  // the hub tells strangers nothing about what is not public, not even that it is missing
  if (repository === undefined && request.headers.authorization === undefined)
    return fail(response, 401, 'RepoNotFound');
  if (repository === undefined) return fail(response, 404, 'RepoNotFound');
  if (!isAllowed)
    return fail(response, repository.isGated ? 403 : 401, repository.isGated ? 'GatedRepo' : 'RepoNotFound');
  const commits: Record<string, string> = {main: repository.commit, ...repository.refs};
  const commit = revision === repository.commit ? revision : commits[revision!];
  if (commit === undefined) return fail(response, 404, 'RevisionNotFound');
  if (isApi && verb === 'revision') return sendInfo(response, id, commit);
  if (isApi) return sendTree(hosts, url, repository, response);
  const content = repository.files[file!];
  if (content === undefined) return fail(response, 404, 'EntryNotFound');
  if (content.length <= lfsBytes) return sendBytes(request, response, content, hosts.faults[file!]?.shift());
  response.writeHead(302, {location: `${hosts.cdn}/blobs/${sha256(content)}`}).end();
}

function sendInfo(response: ServerResponse, id: string, sha: string): void {
  sendJson(response, {
    _id: '1',
    id,
    sha,
    private: false,
    gated: false,
    downloads: 0,
    likes: 0,
    lastModified: '2026-01-01T00:00:00Z',
  });
}

function sendTree(hosts: Hosts, url: URL, repository: FakeRepository, response: ServerResponse): void {
  const start = Number(url.searchParams.get('cursor') ?? 0);
  const entries = Object.entries(repository.files).map(([path, content]) => {
    const size = repository.claimedBytes?.[path] ?? content.length;
    if (repository.xetFiles?.includes(path))
      return {type: 'file', path, size, oid: gitHash(Buffer.from('a pointer')), xetHash: sha256(content)};
    const big = content.length > lfsBytes && {lfs: {oid: sha256(content), size, pointerSize: 134}};
    return {type: 'file', path, size, oid: gitHash(big ? Buffer.from('a pointer') : content), ...big};
  });
  const all = [{type: 'directory', path: 'onnx', size: 0, oid: gitHash(Buffer.from('onnx'))}, ...entries];
  if (start + pageSize < all.length) {
    url.searchParams.set('cursor', String(start + pageSize));
    response.setHeader('link', `<${url.href}>; rel="next"`);
  }
  sendJson(response, all.slice(start, start + pageSize));
}

function sendBytes(request: IncomingMessage, response: ServerResponse, content: Buffer, fault?: Fault): void {
  if (fault?.kind === 'status') return fail(response, fault.status, 'Fault');
  const from =
    fault?.kind === 'ignore-range' ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const start = Number(from ?? 0);
  if (start >= content.length && content.length > 0) {
    response.writeHead(416, {'content-range': `bytes */${content.length}`}).end();
    return;
  }
  let body = content.subarray(start);
  if (fault?.kind === 'corrupt') body = Buffer.from(body.map((byte, i) => (i === 0 ? byte ^ 1 : byte)));
  if (fault?.kind === 'length') body = body.subarray(0, fault.bytes);
  if (fault?.kind === 'too-long') body = Buffer.concat([body, Buffer.alloc(fault.bytes)]);
  if (from !== undefined) {
    response.statusCode = 206;
    response.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`);
  }
  // without a length the body is chunked, and only its end tells how long it was
  const isChunked = fault?.kind === 'end-early' || fault?.kind === 'too-long';
  if (isChunked) response.flushHeaders();
  else response.setHeader('content-length', body.length);
  if (fault?.kind === 'end-early') return void response.end(body.subarray(0, fault.afterBytes));
  if (fault?.kind !== 'drop') return void response.end(body);
  response.write(body.subarray(0, fault.afterBytes), () => setTimeout(() => response.destroy(), 20));
}

function fail(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, {'x-error-code': code, 'content-type': 'application/json'})
    .end('{"error":"no"}');
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function record(requests: FakeHub['requests'], host: string, {method, url, headers}: IncomingMessage): void {
  requests.push({
    line: `${host} ${method} ${url!.replace(/\?.*/, '')}`,
    ...(headers.range !== undefined && {range: headers.range}),
    ...(headers.authorization !== undefined && {authorization: headers.authorization}),
  });
}

async function listen(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer(onRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export function gitHash(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** A fraction as percent with one decimal, without the sign. */
export function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

/** Seconds as `m:ss` or `h:mm:ss`. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Bytes in the unit people read: MiB up to a few thousand, GiB above. */
export function memorySize(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 2048 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}

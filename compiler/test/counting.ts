/** How much of a value somebody looks at: every property that is read, of it and of what it holds, counts one. */
export function counted<T extends object>(value: T): { value: T; reads(): number } {
  let reads = 0;
  const proxies = new WeakMap<object, object>();
  const wrap = (each: unknown): unknown => {
    if (typeof each !== 'object' || each === null) return each;
    const proxy = proxies.get(each) ?? new Proxy(each, handler);
    proxies.set(each, proxy);
    return proxy;
  };
  const handler: ProxyHandler<object> = {
    get(target, key, receiver) {
      reads += 1;
      return wrap(Reflect.get(target, key, receiver));
    },
  };
  return { value: wrap(value) as T, reads: () => reads };
}

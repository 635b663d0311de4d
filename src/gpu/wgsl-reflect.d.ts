// The package's main entry cannot be imported from an ES module in Node; its module file can, but has no types of
// its own.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}

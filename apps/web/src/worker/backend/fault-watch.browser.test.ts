import { describe, expect, it } from 'vitest';
import { FaultWatch } from './fault-watch.ts';

async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('this browser offers no WebGPU adapter, not even a software one');
  return adapter.requestDevice();
}

describe('FaultWatch', () => {
  it('lets a device pass that reported nothing', async () => {
    const device = await openDevice();
    const faults: string[] = [];
    await new FaultWatch(device, (reason) => faults.push(reason)).settle();
    expect(faults).toEqual([]);
    device.destroy();
  });

  it('refuses everything after an invalid shader, which throws nothing by itself', async () => {
    const device = await openDevice();
    const faults: string[] = [];
    const watch = new FaultWatch(device, (reason) => faults.push(reason));
    device.createShaderModule({ code: 'fn broken( {' });
    await expect(watch.settle()).rejects.toThrow(/gpu-error/);
    expect(faults).toEqual(['gpu-error']);
    await expect(watch.settle()).rejects.toThrow(/gpu-error/);
    device.destroy();
  });

  it('reports a lost device', async () => {
    const device = await openDevice();
    const lost = new Promise<string>((resolve) => {
      new FaultWatch(device, resolve);
    });
    device.destroy();
    expect(await lost).toBe('device-lost');
  });
});

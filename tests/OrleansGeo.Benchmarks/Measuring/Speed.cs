namespace OrleansGeo.Benchmarks.Measuring;

/// <summary>What one measurement saw. The process does nothing else meanwhile, so its processor time and its allocations are the calls'.</summary>
internal readonly record struct Speed(double CallsPerSecond, double CpuMicrosecondsPerCall, double BytesPerCall);

using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A generic geo grain whose keys have two parts.</summary>
[Alias("test.crate`1")]
[GrainInterfaceType("test.crate`1")]
public interface ICrate<T> : IGrainWithGuidCompoundKey
{
    [Alias("put")]
    Task<int> Put(T content);

    [ReadOnly]
    [Alias("content")]
    Task<T?> Content();
}

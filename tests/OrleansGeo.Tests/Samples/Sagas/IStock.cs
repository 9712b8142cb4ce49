using Orleans.Concurrency;

namespace OrleansGeo.Tests.Samples.Sagas;

/// <summary>Does what it is told, once for each time that it is told: only who calls can see to it that this is once for an order.</summary>
[Alias("sample.stock")]
[GrainInterfaceType("sample.stock")]
public interface IStock : IGrainWithStringKey
{
    [Alias("reserve")]
    Task Reserve(string order);

    [Alias("confirm")]
    Task Confirm(string order);

    [ReadOnly]
    [Alias("reserved")]
    Task<string[]> Reserved();

    [ReadOnly]
    [Alias("confirmed")]
    Task<string[]> Confirmed();
}

using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Testing;

/// <summary>A grain class without a base class.</summary>
public sealed class BareMemo(IGrainContext context, IGrainFactory grains) : IGrainBase, IGrainWithStringKey
{
    public IGrainContext GrainContext => context;

    public async Task<long> AddTwo()
    {
        var tally = grains.GetGrain<ITally>("tally");
        await tally.Add(2);
        return await tally.Count();
    }
}

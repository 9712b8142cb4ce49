using System.Runtime.CompilerServices;

namespace OrleansGeo.Tests.Routing;

[GrainType("test.lookout")]
[GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
public sealed class Lookout : Grain, ILookout
{
    public async IAsyncEnumerable<int> Watch([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return 1;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}

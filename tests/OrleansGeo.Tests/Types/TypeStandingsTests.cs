using Orleans.Runtime;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Types;
using OrleansGeo.Runtime.Types;

namespace OrleansGeo.Tests.Types;

/// <summary>Which types a silo serves.</summary>
public sealed class TypeStandingsTests
{
    private readonly TypeStandings _standings = new(TimeProvider.System);

    [Fact]
    public async Task A_generic_type_is_served_with_any_arguments_once_its_definition_is_recorded()
    {
        var waiting = _standings.WhenServedAsync(GrainType.Create("test.box`1[[int]]"), CancellationToken.None);
        Assert.False(_standings.IsServed(GrainType.Create("test.box`1[[int]]")));
        _standings.Serve([new("test.box`1", ShardFamily.Quorum, false, "")]);
        await waiting;
        Assert.True(_standings.IsServed(GrainType.Create("test.box`1")));
        Assert.True(_standings.IsServed(GrainType.Create("test.box`1[[int]]")));
        Assert.True(_standings.IsServed(GrainType.Create("test.box`1[[System.Collections.Generic.Dictionary`2[[string],[int]]]]")));
        Assert.False(_standings.IsServed(GrainType.Create("test.box`2[[int],[int]]")));
        Assert.False(_standings.IsServed(GrainType.Create("test.other")));
    }

    [Fact]
    public async Task A_generic_type_whose_definition_the_world_has_otherwise_is_refused_with_any_arguments()
    {
        _standings.Refuse("test.box`1", new(GeoErrorCode.InvalidConfiguration, "It is recorded otherwise."));
        Assert.False(_standings.IsServed(GrainType.Create("test.box`1[[int]]")));
        var refused = await Assert.ThrowsAsync<GeoException>(() => _standings.WhenServedAsync(GrainType.Create("test.box`1[[int]]"), CancellationToken.None));
        Assert.Equal("It is recorded otherwise.", refused.Message);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Gates;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[Collection(WorldCollection.Name)]
public sealed class EntityViewTests(WorldFixture fixture)
{
    [Fact]
    public void A_home_policy_is_asked_once_for_each_activation()
    {
        var policy = new CountingPolicy();
        var silo = fixture.World.Regions.First().Services.First().GetRequiredService<GeoActivations>();
        _ = new EntityView(GrainId.Create("test.ledger", "once"), new(ShardFamily.Quorum, policy), silo, static _ => { });
        Assert.Equal(1, policy.Asked);
    }

    private sealed class CountingPolicy : IHomePolicy
    {
        public int Asked { get; private set; }

        public HomeChoice Choose(ReadOnlySpan<byte> key, WorldRegions regions)
        {
            Asked++;
            return default;
        }
    }
}

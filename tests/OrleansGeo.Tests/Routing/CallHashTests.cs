using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Routing;

[Collection(WorldCollection.Name)]
public sealed class CallHashTests(WorldFixture fixture)
{
    [Fact]
    public void Equal_calls_have_equal_hashes_in_every_process()
    {
        var hashes = fixture.World.Regions.SelectMany(static region => region.Services).Select(static services => HashOf(services, "one", static ledger => ledger.Append("x")));
        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public void Another_target_method_or_argument_is_another_call()
    {
        var services = fixture.World.Regions.First().Services.First();
        UInt128[] hashes =
        [
            HashOf(services, "one", static ledger => ledger.Append("x")),
            HashOf(services, "two", static ledger => ledger.Append("x")),
            HashOf(services, "one", static ledger => ledger.Append("y")),
            HashOf(services, "one", static ledger => ledger.AppendOneWay("x")),
            HashOf(services, "one", static ledger => ledger.AppendAndTell("x", "y")),
            HashOf(services, "one", static ledger => ledger.AppendAndTell("xy", "")),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void A_cancellation_token_is_no_argument()
    {
        var services = fixture.World.Regions.First().Services.First();
        using var cancellation = new CancellationTokenSource();
        Assert.Equal(
            HashOf(services, "one", static ledger => ledger.Block(CancellationToken.None)),
            HashOf(services, "one", ledger => ledger.Block(cancellation.Token)));
    }

    private static UInt128 HashOf(IServiceProvider services, string key, Action<ILedger> call)
    {
        var captured = CapturedCall.Of(services, (GrainReference)services.GetRequiredService<IGrainFactory>().GetGrain<ILedger>(key), call);
        return CallHash.Of(services.GetRequiredService<Serializer>(), captured.Reference.GrainId, captured.Request);
    }
}

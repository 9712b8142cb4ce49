using Orleans.Runtime;
using OrleansGeo.Crdts;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.pairs")]
[GeoGrain(Durability.Region, MultiWriter = true)]
public sealed class Pairs([PersistentState("pairs", "geo")] IPersistentState<LastWriterWinsMap> pairs) : Grain, IPairs
{
    public async Task<string> SetBoth(string first, string second, int characters)
    {
        pairs.State.Set(first, "small");
        await pairs.WriteStateAsync();
        try
        {
            pairs.State.Set(second, new string('x', characters));
            await pairs.WriteStateAsync();
            return "";
        }
        catch (GeoException exception)
        {
            return exception.Code.ToString();
        }
    }

    public Task<string?> Get(string field) => Task.FromResult(pairs.State[field]);
}

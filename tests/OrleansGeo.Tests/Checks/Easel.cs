using Orleans.Providers;
using Orleans.Runtime;

namespace OrleansGeo.Tests.Checks;

/// <summary>A drawing in Orleans' class that holds a state.</summary>
[GrainType("test.easel")]
[GeoGrain(Durability.Quorum)]
[StorageProvider(ProviderName = "geo")]
public sealed class Easel : Grain<Drawing>, IEasel
{
    public Task Draw(string name)
    {
        (State.Name, State.Shape) = (name, new Circle { Radius = 2 });
        return WriteStateAsync();
    }

    public async Task<string> DrawUnkeptAndCatch(string name)
    {
        (State.Name, State.Shape) = (name, new LiveCircle { Redraw = static () => { } });
        try
        {
            await WriteStateAsync();
            return "";
        }
        catch (OrleansException exception) when (exception.InnerException is GeoException refusal)
        {
            // Orleans' class wraps what a storage throws.
            return refusal.Code.ToString();
        }
    }

    public Task<string> Show() => Task.FromResult($"{State.Name}: {State.Shape?.GetType().Name}");
}

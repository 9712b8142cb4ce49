using Microsoft.Extensions.Options;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <remarks>It remembers nothing: its object stays when the entity moves.</remarks>
[GrainType("test.alarm")]
[GeoGrain(Durability.Quorum)]
public sealed class Alarm(IOptions<GeoOptions> geo) : Grain, IAlarm
{
    public Task SetInRead(string name, bool isOld, string barrier)
    {
        if (isOld)
        {
#pragma warning disable CS0618
            RegisterTimer(_ => TickAsync(name), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
#pragma warning restore CS0618
        }
        else
        {
            this.RegisterGrainTimer(() => TickAsync(name), new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan });
        }

        return Barriers.Of(barrier).PassAsync();
    }

    public Task Wake() => Task.CompletedTask;

    private Task TickAsync(string name) => GrainFactory.GetGrain<IListener>("alarm").Tell($"{this.GetPrimaryKeyString()} {name} {geo.Value.Region}");
}

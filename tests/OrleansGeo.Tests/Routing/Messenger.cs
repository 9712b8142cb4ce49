using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using OrleansGeo.Runtime.Routing;

namespace OrleansGeo.Tests.Routing;

[GrainType("test.messenger")]
public sealed class Messenger : Grain, IMessenger
{
    public Task<string> PassOn(int times) => times > 0
        ? GrainFactory.GetGrain<IMessenger>($"{this.GetPrimaryKeyString()}-{times}").PassOn(times - 1)
        : Task.FromResult(string.Join(' ', Waiting()?.Steps.Select(static step => step.Entity) ?? []));

    private Lineage? Waiting() => LineageContext.Read(ServiceProvider.GetRequiredService<Serializer>());
}

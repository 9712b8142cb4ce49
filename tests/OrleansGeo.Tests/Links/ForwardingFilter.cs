using Orleans.CodeGeneration;
using Orleans.Runtime;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Tests.Links;

/// <summary>Sends calls to grains whose key says so through a link: reference and request as the own cluster made them.</summary>
internal sealed class ForwardingFilter(IRegionLinks links) : IOutgoingGrainCallFilter
{
    public const string Forwarded = "forwarded to ";

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var key = context.TargetId.Key.ToString() ?? "";
        if (!key.StartsWith(Forwarded, StringComparison.Ordinal))
        {
            await context.Invoke();
            return;
        }

        Assert.True(links.TryGet(new RegionId(key[Forwarded.Length..]), out var link));
        Assert.True(link.TryGetChannel(out var channel));
        context.Result = await channel.ReferenceRuntime.InvokeMethodAsync<object>(
            (GrainReference)context.Grain, context.Request, InvokeMethodOptions.None);
    }
}

using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>The pause between two attempts to connect.</summary>
internal static class Dialling
{
    public static async Task PauseAsync(LinkContext context, RegionId peer, Action<string> report, CancellationToken cancellationToken)
    {
        await Task.Delay(context.Options.RedialInterval, context.Time, cancellationToken);
        await WhilePassableAsync(context, peer, report, cancellationToken);
    }

    /// <summary>Completes when emulation, if there is any, lets a connection through.</summary>
    public static async Task WhilePassableAsync(LinkContext context, RegionId peer, Action<string> report, CancellationToken cancellationToken)
    {
        while (context.Shaper?.IsCut(peer) == true)
        {
            report("cut by the WAN emulation");
            await Task.Delay(context.Options.RedialInterval, context.Time, cancellationToken);
        }
    }
}

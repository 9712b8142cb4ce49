using System.Diagnostics.CodeAnalysis;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>Ways to a region by its name.</summary>
internal static class RegionLinksExtensions
{
    /// <summary>The channel to a peer that is up now.</summary>
    public static bool TryGetChannel(this IRegionLinks links, RegionId peer, [NotNullWhen(true)] out RegionChannel? channel)
    {
        channel = null;
        return links.TryGet(peer, out var link) && link.TryGetChannel(out channel);
    }

    /// <summary>What makes references to grains of a region, the own one included; null while the link to it is down.</summary>
    public static IGrainFactory? GrainsOf(this IRegionLinks links, RegionId region, IGrainFactory own) =>
        !links.TryGet(region, out var link) ? own : link.TryGetChannel(out var channel) ? channel.Grains : null;

    /// <summary>Which of these links are down, and why, in words; null: none.</summary>
    public static string? DownReasons(this IEnumerable<IRegionLink?> links) =>
        string.Join("; ", links.Select(static link => link?.DownReason).OfType<string>()) is { Length: > 0 } reasons ? reasons : null;
}

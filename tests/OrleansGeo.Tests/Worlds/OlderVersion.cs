using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Logs;
using OrleansGeo.Tests.Protocol;

namespace OrleansGeo.Tests.Worlds;

/// <summary>While a region is of an earlier version, it cannot read what the others write: what reaches it has a format that is too new for it.</summary>
internal sealed class OlderVersion(OlderVersion.Switch older, IOptions<GeoOptions> options) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (older.Region == options.Value.Region && context.Request is { } request && request.GetArgumentCount() > 0 && request.GetArgument(0) is AppendMessageWire wire)
        {
            var message = wire.ToMessage();
            request.SetArgument(0, AppendMessageWire.From(message with { Rows = [.. message.Rows.Select(Entries.Newer)] }, wire.Trace));
        }

        await context.Invoke();
        if (older.Region is not null && older.Region != options.Value.Region && context.Result is LogPageWire page)
        {
            // Asked by the one that recovers.
            context.Result = page with { Rows = [.. page.Rows.Select(static row => LogRowWire.From(Entries.Newer(row.ToRow())))] };
        }
    }

    /// <summary>Which region it is; null: none.</summary>
    public sealed class Switch
    {
        private volatile string? _region;

        public string? Region
        {
            get => _region;
            set => _region = value;
        }
    }
}

using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Freshness;

/// <summary>
/// Up to where every region shows a row of multi-writer entities, as one region knows it: what lies below can be relied on in all of them. Pure, not thread-safe.
/// </summary>
/// <remarks>
/// A region's report says up to where it shows each row, and where its own stood then. It counts once that own row is shown here as far: what
/// the region wrote before it saw the others' entries is known here by then. A report that waits is not replaced, so that a busy world makes progress.
/// </remarks>
/// <param name="regions">How many regions there are.</param>
/// <param name="self">This one.</param>
internal sealed class RowReports(int regions, int self)
{
    private readonly RecordVersion?[]?[] _waiting = new RecordVersion?[]?[regions];
    private readonly RecordVersion?[]?[] _counted = new RecordVersion?[]?[regions];

    /// <param name="region">Who reports.</param>
    /// <param name="shown">For each region's row up to where it is shown there; for its own, where that stands. Null: not known.</param>
    /// <param name="shownHere">Up to where a region's row is shown here.</param>
    public void Reported(int region, RecordVersion?[] shown, Func<int, RecordVersion?> shownHere)
    {
        Count(region, shownHere);
        if (shown[region] is not null)
        {
            _waiting[region] ??= shown;
            Count(region, shownHere);
        }
    }

    /// <summary>The entry of a region's row up to which every region shows it; null: not known.</summary>
    public RecordVersion? Everywhere(int row, Func<int, RecordVersion?> shownHere)
    {
        var everywhere = shownHere(row);
        for (var region = 0; region < regions && everywhere is not null; region++)
        {
            if (region != self)
            {
                Count(region, shownHere);
                var shown = _counted[region]?[row];
                everywhere = shown is { } there && there.CompareIncarnationFirst(everywhere.Value) >= 0 ? everywhere : shown;
            }
        }

        return everywhere;
    }

    private void Count(int region, Func<int, RecordVersion?> shownHere)
    {
        if (_waiting[region] is { } report && report[region] is { } own && shownHere(region) is { } here && here.CompareIncarnationFirst(own) >= 0)
        {
            (_counted[region], _waiting[region]) = (report, null);
        }
    }
}

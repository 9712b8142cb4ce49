using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Replication;

/// <summary>Cuts records into pages of a bounded size. A record larger than a page goes by parts, its states in their order: stores lay parts over each other.</summary>
internal static class CopyPages
{
    /// <summary>What a state counts for beside its name and its bytes.</summary>
    private const int StateBytes = 64;

    /// <summary>The pages in order; each has at least one state, and no more than fit, unless a single state does not.</summary>
    public static IEnumerable<ImmutableArray<(string Entity, EntityRecord Record)>> Of(IEnumerable<(string Entity, EntityRecord Record)> records, int maxBytes)
    {
        var page = ImmutableArray.CreateBuilder<(string, EntityRecord)>();
        var left = maxBytes;
        foreach (var (entity, record) in records)
        {
            for (var from = 0; from < record.States.Length;)
            {
                var until = from + Fitting(record, from, entity, left);
                if (until == from && page.Count > 0)
                {
                    yield return page.DrainToImmutable();
                    left = maxBytes;
                    continue;
                }

                until = Math.Max(until, from + 1);
                page.Add((entity, from == 0 && until == record.States.Length ? record : new(record.States[from..until])));
                left -= record.States[from..until].Sum(state => BytesOf(entity, state));
                from = until;
            }
        }

        if (page.Count > 0)
        {
            yield return page.DrainToImmutable();
        }
    }

    /// <summary>How many states of a record after the first <paramref name="from"/> fit into so many bytes.</summary>
    public static int Fitting(EntityRecord record, int from, string entity, int maxBytes)
    {
        var count = 0;
        for (var left = (long)maxBytes; from + count < record.States.Length; count++)
        {
            left -= BytesOf(entity, record.States[from + count]);
            if (left < 0)
            {
                break;
            }
        }

        return count;
    }

    private static int BytesOf(string entity, StateRecord state) => StateBytes + (2 * (entity.Length + state.Name.Length)) + (state.Bytes?.Length ?? 0);
}

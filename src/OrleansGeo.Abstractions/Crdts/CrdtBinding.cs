using System.Text;
using OrleansGeo.Protocol.Crdts;

namespace OrleansGeo.Crdts;

/// <summary>What a CRDT state works on: the entity's rows, and the region's clock. Made by the runtime.</summary>
/// <param name="view">The merged rows, of this state alone.</param>
/// <param name="clock">Gives last-writer-wins writes their times.</param>
/// <param name="time">The wall clock, which <paramref name="clock"/> does not trust.</param>
internal sealed class CrdtBinding(CrdtView view, HybridClock clock, TimeProvider time)
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public CrdtView View => view;

    internal static CrdtBinding Alone() => new(new CrdtView("state", "local", ["local"], incarnation: 0), new HybridClock(), TimeProvider.System);

    internal HybridTime NextTime(string key) => clock.Next(time.GetUtcNow().ToUnixTimeMilliseconds(), view.LatestTime(key));

    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/>, <see cref="GeoErrorCode.CounterOverflow"/>.</exception>
    internal void Count(long plus, long minus)
    {
        if (plus < 0 || minus < 0)
        {
            throw new GeoError(
                GeoErrorCode.InvalidArgument, $"A counter cannot be changed by {Math.Min(plus, minus)}: amounts are not negative. Use Decrement of a PNCounter to count down.").ToException();
        }

        if (plus == 0 && minus == 0)
        {
            return;
        }

        if (!view.TryCount(plus, minus))
        {
            var totals = view.OwnTotals;
            throw new GeoError(
                GeoErrorCode.CounterOverflow,
                $"Region row '{view.Self}' has added {totals.Plus} to the counter and taken away {totals.Minus}: {Math.Max(plus, minus)} more would pass {long.MaxValue}. Nothing happened; go on with another counter.").ToException();
        }
    }

    /// <summary>Refuses a key that cannot be written, before anything changes.</summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/>, <see cref="GeoErrorCode.TooLarge"/>.</exception>
    internal void Check(string key)
    {
        _ = BytesOf(key);
        if (!view.HasRoomFor(key))
        {
            throw new GeoError(
                GeoErrorCode.TooLarge,
                $"The state has {view.KeyCount} keys, and {view.MaxKeys} are allowed. Removed ones count until every region has seen the remove. Nothing happened; use several entities.").ToException();
        }
    }

    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/>: the text has half a surrogate pair, which would become another text.</exception>
    internal static byte[] BytesOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return _strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw new GeoError(GeoErrorCode.InvalidArgument, "A key or value has half a surrogate pair and cannot be written as UTF-8. Nothing happened.").ToException();
        }
    }

    internal static string TextOf(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}

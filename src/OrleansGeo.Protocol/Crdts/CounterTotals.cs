using System.Buffers;

namespace OrleansGeo.Protocol.Crdts;

/// <summary>What one row added to a counter and what it took away, since its store was new. Both only grow.</summary>
internal readonly record struct CounterTotals(long Plus, long Minus)
{
    /// <summary>These totals and the amounts, which are not negative; null when a total would pass <see cref="long.MaxValue"/>.</summary>
    public CounterTotals? Add(long plus, long minus)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plus);
        ArgumentOutOfRangeException.ThrowIfNegative(minus);
        return plus > long.MaxValue - Plus || minus > long.MaxValue - Minus ? null : new(Plus + plus, Minus + minus);
    }

    internal byte[] Encode()
    {
        var writer = new FieldWriter(new ArrayBufferWriter<byte>(20));
        writer.Number(Plus);
        writer.Number(Minus);
        return writer.ToArray();
    }

    internal static CounterTotals Of(CrdtField? field)
    {
        if (field is null)
        {
            return default;
        }

        var reader = new FieldReader(field.Value);
        var totals = new CounterTotals(reader.Number(), reader.Number());
        reader.End();
        return totals;
    }
}

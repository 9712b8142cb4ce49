namespace OrleansGeo.Crdts;

/// <summary>A counter that only grows. No increment of any region is lost, and none counts twice.</summary>
public sealed class GCounter : ICrdt<GCounter>
{
    private CrdtBinding _crdt = CrdtBinding.Alone();

    /// <summary>The sum of all regions' increments that have arrived here. It cannot overflow: a region's own total ends at <see cref="long.MaxValue"/>.</summary>
    public Int128 Value => _crdt.View.Total;

    /// <param name="amount">Not negative; 1 by default. 0 is no write.</param>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/> for a negative amount, <see cref="GeoErrorCode.CounterOverflow"/> when this region's total would pass <see cref="long.MaxValue"/>. Nothing happened.</exception>
    public void Increment(long amount = 1) => _crdt.Count(amount, 0);

    void ICrdt.Bind(CrdtBinding binding) => _crdt = binding;
}

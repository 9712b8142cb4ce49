namespace OrleansGeo.Crdts;

/// <summary>A counter that goes up and down. No change of any region is lost, and none counts twice. It has no lower bound: two regions can take the last one at once.</summary>
public sealed class PNCounter : ICrdt<PNCounter>
{
    private CrdtBinding _crdt = CrdtBinding.Alone();

    /// <summary>The sum of all regions' changes that have arrived here. It cannot overflow: what a region adds and what it takes away each end at <see cref="long.MaxValue"/>.</summary>
    public Int128 Value => _crdt.View.Total;

    /// <param name="amount">Not negative; 1 by default. 0 is no write.</param>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/> for a negative amount, <see cref="GeoErrorCode.CounterOverflow"/> when this region's total would pass <see cref="long.MaxValue"/>. Nothing happened.</exception>
    public void Increment(long amount = 1) => _crdt.Count(amount, 0);

    /// <inheritdoc cref="Increment"/>
    public void Decrement(long amount = 1) => _crdt.Count(0, amount);

    void ICrdt.Bind(CrdtBinding binding) => _crdt = binding;
}

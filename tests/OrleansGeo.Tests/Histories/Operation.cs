namespace OrleansGeo.Tests.Histories;

/// <summary>What one client asked and was told, and when. Those that are known not to have happened are in no history.</summary>
/// <param name="Client">Who asked. One client's operations do not overlap, except with its own of unknown outcome.</param>
/// <param name="Key">The object. Histories are checked key by key.</param>
/// <param name="Invoked">Before it was sent.</param>
/// <param name="Returned">After the answer came; <see cref="HistoryClock.Never"/>: it may take effect at any later time, or not at all.</param>
/// <param name="Input">What was asked.</param>
/// <param name="Output">What was answered; null when the outcome is unknown.</param>
internal sealed record Operation<TInput, TOutput>(int Client, string Key, long Invoked, long Returned, TInput Input, TOutput? Output)
    where TOutput : class
{
    public bool IsUnknown => Returned == HistoryClock.Never;

    public override string ToString() =>
        $"client {Client} on {Key} at {HistoryClock.Show(Invoked)}: {Input} -> {(IsUnknown ? "unknown" : $"{Output} at {HistoryClock.Show(Returned)}")}";
}

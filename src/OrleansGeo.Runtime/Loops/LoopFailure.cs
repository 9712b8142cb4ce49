namespace OrleansGeo.Runtime.Loops;

/// <summary>That a <see cref="BackgroundLoop"/> fails now.</summary>
/// <param name="Since">The timestamp of the first failure after it last worked.</param>
/// <param name="Times">How often it has failed since.</param>
/// <param name="Last">How it failed last.</param>
internal sealed record LoopFailure(long Since, int Times, Exception Last)
{
    /// <summary>In words, to be followed by a period.</summary>
    public string Problem => Last.Message.TrimEnd('.', ' ');
}

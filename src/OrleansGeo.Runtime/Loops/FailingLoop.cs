namespace OrleansGeo.Runtime.Loops;

/// <summary>A background loop that fails now.</summary>
/// <param name="Name">What it does; many loops may have the same name.</param>
/// <param name="Of">Which of them it is: a peer and where it is dialled, or a shard. Empty: there is one. May name an address, so it is for operators, not for strangers.</param>
/// <param name="For">For how long it has not worked.</param>
/// <param name="Times">How often it has failed in that time.</param>
/// <param name="Problem">How it failed last: the text of an exception, for operators, not for strangers.</param>
/// <param name="Effect">What does not happen meanwhile, as the end of a sentence that begins "Until it works again, ".</param>
public sealed record FailingLoop(string Name, string Of, TimeSpan For, int Times, string Problem, string Effect);

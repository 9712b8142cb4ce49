namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>A read that found something, or that there is nothing.</summary>
/// <param name="Server">Which process was asked.</param>
/// <param name="Consistency">As the web API has it.</param>
/// <param name="Age">What the answer said of its age, in milliseconds; null: nothing.</param>
/// <param name="Ended">When the answer had come.</param>
internal sealed record ReadAnswer(string Server, string Consistency, int? Age, TimeSpan Ended);

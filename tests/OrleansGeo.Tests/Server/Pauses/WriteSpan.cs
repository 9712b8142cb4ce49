namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>One write, from its first attempt to its acknowledgement.</summary>
/// <param name="Server">Through which process all attempts were made.</param>
/// <param name="Register">What was written.</param>
/// <param name="Began">Before the first attempt.</param>
/// <param name="Ended">After the answer that acknowledged it.</param>
/// <param name="Attempts">How many were made.</param>
internal sealed record WriteSpan(string Server, NumberRegister Register, TimeSpan Began, TimeSpan Ended, int Attempts)
{
    /// <summary>How long it waited between two times.</summary>
    public TimeSpan WaitedWithin(TimeSpan from, TimeSpan until)
    {
        var waited = (Ended < until ? Ended : until) - (Began > from ? Began : from);
        return waited > TimeSpan.Zero ? waited : TimeSpan.Zero;
    }

    public override string ToString() => $"{Register.Path} in {Register.Shard} through {Server}, {Attempts} attempts";
}

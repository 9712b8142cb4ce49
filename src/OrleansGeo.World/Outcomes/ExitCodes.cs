namespace OrleansGeo.World.Outcomes;

/// <summary>What the program's exit code means.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command was right and failed, or did not reach its goal.</summary>
    public const int Failure = 1;

    /// <summary>The command cannot be carried out as given.</summary>
    public const int Usage = 2;
}

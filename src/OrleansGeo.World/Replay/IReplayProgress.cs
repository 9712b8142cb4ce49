namespace OrleansGeo.World.Replay;

/// <summary>Shows how far the replay is.</summary>
internal interface IReplayProgress
{
    /// <summary>Shows the count, which is read again and again, until the work ends. A failure of the work is left to its owner.</summary>
    Task ShowAsync(Func<ReplayCount> count, Task work);

    void Say(string line);
}

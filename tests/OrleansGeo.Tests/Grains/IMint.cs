namespace OrleansGeo.Tests.Grains;

/// <summary>Uses what a session gives to code inside a geo grain.</summary>
[Alias("test.mint")]
[GrainInterfaceType("test.mint")]
public interface IMint : IGrainWithStringKey
{
    /// <summary>Notes two new ids and the time in the call log, stops at a barrier, then writes and answers them.</summary>
    [Alias("make")]
    Task<string> Make(string name, string barrier);

    /// <summary>Writes, waits until that is durable, and notes that in the call log.</summary>
    [Alias("durable")]
    Task AppendThenNote(string text);
}

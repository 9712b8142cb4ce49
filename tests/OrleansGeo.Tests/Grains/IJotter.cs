using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A write-behind grain whose buffer is its state: it writes that only when it ends.</summary>
[Alias("test.jotter")]
[GrainInterfaceType("test.jotter")]
public interface IJotter : IGrainWithStringKey
{
    [Alias("note")]
    Task Note(string text);

    [OneWay]
    [Alias("noteone")]
    Task NoteOneWay(string text);

    /// <summary>Tries to write, which a method that only reads may not, and may ask for its deactivation before.</summary>
    [ReadOnly]
    [Alias("noteinread")]
    Task NoteInRead(string text, bool deactivates);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();
}

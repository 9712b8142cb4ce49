using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>Makes itself when it is activated for the first time: a state, a reminder, a call to another grain.</summary>
[Alias("test.seeded")]
[GrainInterfaceType("test.seeded")]
public interface ISeeded : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();

    [ReadOnly]
    [Alias("reminders")]
    Task<string[]> Reminders();
}

using System.Collections.Concurrent;

namespace OrleansGeo.Tests.Grains;

/// <summary>Grains and tests of one process meet here by name. Each test has names of its own.</summary>
internal static class Barriers
{
    private static readonly ConcurrentDictionary<string, Barrier> All = new();

    public static Barrier Of(string name) => All.GetOrAdd(name, static _ => new());

    /// <summary>What a test left standing goes on: a silo that stops waits for it.</summary>
    public static void OpenAll()
    {
        foreach (var barrier in All.Values)
        {
            barrier.Open();
        }
    }
}

namespace OrleansGeo.World.Processes;

/// <summary>What to say about a name that is none of the world's regions.</summary>
internal static class RegionNames
{
    public static string Unknown(string region, IEnumerable<string> known) => $"There is no region '{region}' in this world: use {string.Join(", ", known)}.";
}

using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Replay;

/// <summary>Reads the input files of the replay, and says where to get them when they are missing.</summary>
internal static class DataFile
{
    /// <summary>The package that has them, pinned: the tests fetch the same.</summary>
    public const string Package = "vega-datasets@3.2.1";

    public const string FlightsInPackage = "package/data/flights-20k.json";
    public const string AirportsInPackage = "package/data/airports.csv";

    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="inPackage">Where it stands in <see cref="Package"/>.</param>
    public static byte[] Read(string path, string what, string inPackage)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WorldException.Usage(
                $"Cannot read the {what} file '{path}' ({exception.Message.TrimEnd('.')}): it is {inPackage} of what 'npm pack {Package}' downloads.");
        }
    }
}

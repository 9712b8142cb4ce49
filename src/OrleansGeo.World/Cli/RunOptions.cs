using System.Collections.Immutable;
using System.CommandLine;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Cli;

/// <summary>The options of <c>run</c>.</summary>
internal sealed class RunOptions
{
    private const int MaxSilos = 8;

    private readonly Option<ImmutableArray<RegionPort>> _regions = new("--regions")
    {
        Description = "The regions: name=HTTP port, separated by commas, or a JSON file {\"name\": port}. Their order is part of the world; "
            + $"the silo, gateway and emulator ports are 10,000, 20,000 and 30,000 above. Default: {RegionList.Describe(RegionList.Default)}.",
        HelpName = "name=port,…",
        CustomParser = static result => OptionParsing.Parse(result, RegionList.Parse),
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The folder of the stores and logs, kept between runs. Default: a folder under the user's data folder.",
        HelpName = "DIR",
    };

    private readonly Option<StorageKind> _storage = new("--storage")
    {
        Description = "Where each region stores: sqlite, memory, or azure-tables (an emulator for each region, needs Node.js; or the account whose connection string "
            + "ORLEANSGEO_STORAGE_<REGION> has). Default: sqlite.",
        HelpName = "sqlite|memory|azure-tables",
        CustomParser = static result => OptionParsing.Parse(result, ParseStorage),
    };

    private readonly Option<int> _silos = new("--silos")
    {
        Description = $"Silos per region, 1 to {MaxSilos}.",
        HelpName = "N",
        CustomParser = static result => OptionParsing.Parse(result, ParseSilos),
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<string> _wan = new("--wan")
    {
        Description = "Emulated round trips between the regions: azure (published figures), off, or a matrix in milliseconds as JSON or a file.",
        HelpName = "azure|off|JSON|FILE",
        CustomParser = static result => OptionParsing.Parse(result, ReadWan),
        DefaultValueFactory = static _ => "azure",
    };

    private readonly Option<ImmutableArray<string>> _policy = new("--policy")
    {
        Description = "Where homes are preferred: active-active (in every region), or active-passive: in the first region of the list, from which the next ones take over.",
        HelpName = "active-active|active-passive:region,…",
        CustomParser = static result => OptionParsing.Parse(result, PolicyText.Parse),
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<bool> _inProcess = new("--in-process") { Description = "All regions in this process, for debugging." };

    private readonly Option<string?> _readyFile = new("--ready-file")
    {
        Description = "A JSON file written once every region serves: [{\"region\",\"pid\",\"url\"}].",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _regions, _data, _storage, _silos, _wan, _policy, _inProcess, _readyFile })
        {
            command.Add(option);
        }
    }

    public WorldConfig Read(ParseResult result)
    {
        var silos = result.GetValue(_silos);
        var regions = result.GetValue(_regions) is { IsDefault: false } given ? given : RegionList.Default;
        var wan = result.GetRequiredValue(_wan);
        string[] names = [.. regions.Select(static region => region.Name)];
        RegionHost.CheckWan(wan, names);
        var priority = result.GetValue(_policy);
        PolicyText.Check(priority, names);
        var storage = result.GetValue(_storage);
        return new(
            [.. regions.Select(region => RegionPlace.Create(region.Name, region.HttpPort, silos, storage == StorageKind.AzureTables && WorldStorage.AccountOf(region.Name) is null))],
            Path.GetFullPath(result.GetValue(_data) ?? UserFolders.DefaultData),
            storage,
            wan,
            result.GetValue(_inProcess),
            result.GetValue(_readyFile) is { } file ? Path.GetFullPath(file) : null,
            priority);
    }

    private static StorageKind ParseStorage(string text) => text switch
    {
        "sqlite" => StorageKind.Sqlite,
        "memory" => StorageKind.Memory,
        "azure-tables" => StorageKind.AzureTables,
        _ => throw WorldException.Usage($"--storage '{text}' is unknown: use sqlite, memory or azure-tables."),
    };

    /// <summary>The option itself or, when it names a file, what the file holds.</summary>
    private static string ReadWan(string text)
    {
        try
        {
            return File.Exists(text) ? File.ReadAllText(text) : text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WorldException.Usage($"Cannot read the --wan file '{text}': {exception.Message}");
        }
    }

    private static int ParseSilos(string text) => int.TryParse(text, out var silos) && silos is >= 1 and <= MaxSilos
        ? silos
        : throw WorldException.Usage($"--silos '{text}' is not a number from 1 to {MaxSilos}.");
}

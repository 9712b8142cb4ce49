using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>The per-user folders of the world.</summary>
internal static class UserFolders
{
    /// <summary>Where a world keeps its data when no <c>--data</c> says otherwise.</summary>
    public static string DefaultData => Path.Combine(Data(), "orleansgeo", "world");

    /// <summary>Where running worlds are noted: <c>XDG_STATE_HOME</c>, or else the user's data folder.</summary>
    public static string RunningWorlds =>
        Path.Combine(Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state : Data(), "orleansgeo", "running");

    /// <summary>What was installed for this user only: the Azure Storage emulator.</summary>
    public static string Tools => Path.Combine(Data(), "orleansgeo", "tools");

    private static string Data() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder
            ? folder
            : throw WorldException.Usage("This user has no data folder: set HOME or XDG_DATA_HOME.");
}

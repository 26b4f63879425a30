using System.IO;
using QuantConnect.Configuration;

namespace QuantConnect;

/// <summary>Paths and the version.</summary>
public static class Globals
{
    /// <summary>Root of the data files.</summary>
    public static string DataFolder { get; private set; } = Config.Get("data-folder", Config.Get("data-directory", "../../../Data/"));

    /// <summary>False: LeanSim never trades live.</summary>
    public static bool LiveMode => false;

    /// <summary>The version text.</summary>
    public static string Version => "LeanSim";

    /// <summary>Reads the settings again.</summary>
    public static void Reset() => DataFolder = Config.Get("data-folder", Config.Get("data-directory", "../../../Data/"));

    /// <summary>A path below the data folder.</summary>
    public static string GetDataFolderPath(string relativePath) => Path.Combine(DataFolder, relativePath);
}

namespace QuantConnect;

/// <summary>Paths and the version.</summary>
public static class Globals
{
    public static string DataFolder { get; private set; } = Config.Get("data-folder", Config.Get("data-directory", "../../../Data/"));
    public static void Reset() => DataFolder = Config.Get("data-folder", Config.Get("data-directory", "../../../Data/"));
    public static string GetDataFolderPath(string relativePath) => Path.Combine(DataFolder, relativePath);
}

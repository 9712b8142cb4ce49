namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>The rows are not those that a head tells of: it is out of date, or else the log is damaged as the message says.</summary>
internal sealed class StaleHeadException(string damage) : Exception(damage);

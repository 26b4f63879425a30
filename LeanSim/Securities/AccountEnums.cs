namespace QuantConnect;

/// <summary>What happened to a cash book.</summary>
public enum CashBookUpdateType { Added, Removed, Updated }

/// <summary>Kinds of account.</summary>
public enum AccountType { Margin, Cash }

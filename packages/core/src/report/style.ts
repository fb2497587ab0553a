/** Ink, paper and accent of the report; each pair that carries text has a contrast of at least 4.5 to 1 (WCAG AA). */
export const palette = {
  ink: "#1b2733",
  muted: "#4a5763",
  paper: "#ffffff",
  shade: "#f3f5f7",
  rule: "#c9d1d8",
  accent: "#0b5c8a",
  warn: "#8a3b00",
  warnShade: "#fff4e8",
} as const;

/** The whole style of the page. System fonts only; nothing is loaded. */
export const style = `
:root{color-scheme:light}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:${palette.paper};color:${palette.ink};font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 28px}
header{padding-top:28px}
h1{font-size:30px;line-height:1.2;margin:0 0 4px;font-weight:650}
h2{font-size:21px;line-height:1.3;margin:44px 0 12px;padding-top:14px;border-top:2px solid ${palette.ink};font-weight:650}
h3{font-size:17px;margin:24px 0 8px;font-weight:650}
p{margin:0 0 12px;max-width:78ch}
.subtitle{color:${palette.muted};margin:0 0 14px}
.research{display:block;border:2px solid ${palette.warn};background:${palette.warnShade};color:${palette.warn};font-weight:650;padding:8px 14px;margin:0 0 18px;max-width:none;border-radius:3px}
.lead{font-size:18px}
.attention{border-left:4px solid ${palette.warn};background:${palette.warnShade};padding:10px 16px 10px}
.attention h3{margin:0 0 4px;color:${palette.warn}}.attention ul{margin:0;padding-left:20px}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:0 0 8px;font-size:14.5px}
a{color:${palette.accent}}
.skip{position:absolute;left:-9999px}
.skip:focus{left:28px;top:6px;background:${palette.paper};padding:4px 8px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px;margin:18px 0 20px;padding:0}
.tile{background:${palette.shade};border-left:4px solid ${palette.accent};padding:12px 16px;margin:0}
.tile dt{font-size:14px;color:${palette.muted};margin:0}
.tile dd{margin:0;font-size:24px;font-weight:650;line-height:1.3;white-space:nowrap;font-variant-numeric:tabular-nums}
.tile dd small{font-size:14px;font-weight:500}
.tile dd.note{white-space:normal;font-size:13.5px;font-weight:400;color:${palette.muted};line-height:1.4}
.table{overflow-x:auto;margin:0 0 20px}
table{border-collapse:collapse;width:100%;font-size:15px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:650;padding:0 0 6px;font-size:15px}
th,td{padding:6px 12px 6px 0;text-align:left;vertical-align:top;border-bottom:1px solid ${palette.rule}}
thead th{border-bottom:1.5px solid ${palette.ink};font-weight:600}
tbody th{font-weight:500}
.facts th{width:42%;color:${palette.muted};font-weight:500}
.number{text-align:right;white-space:nowrap}
th.number:not(:last-child),td.number:not(:last-child){padding-right:22px}
.note{display:block;font-size:13.5px;color:${palette.muted}}
figure{margin:0 0 26px;padding:0;display:grid;gap:4px 10px;align-items:end}
figcaption{grid-column:1/-1;font-size:14.5px;color:${palette.muted};margin-top:2px}
figcaption p{margin:6px 0 0;max-width:100ch}
figcaption strong{color:${palette.ink};font-weight:650}
.slices figure{align-items:start;margin-bottom:30px}
.slices .panel:first-child{grid-row:1/3}
.slices figcaption{grid-column:2/-1}
.panel{min-width:0}
.panel svg{display:block;width:100%;height:auto}
.panel-title{margin:3px 0 0;font-size:13.5px;color:${palette.muted}}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:3px 18px;padding:0;margin:6px 0 0;font-size:14px;color:${palette.ink}}
.swatch{display:inline-block;width:13px;height:13px;border:1px solid ${palette.ink};margin-right:7px;vertical-align:-1px}
svg.bar{display:block;margin:6px 0 0 -10px;max-width:100%}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(380px,1fr));gap:0 34px;align-items:start}
code,.hash{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
ol.references{padding-left:24px;font-size:15px}
ol.references li{margin-bottom:5px}
footer{padding-top:26px;padding-bottom:40px}
@media (max-width:700px){main,header,footer{padding-left:16px;padding-right:16px}figure{grid-template-columns:1fr!important}.slices .panel:first-child{grid-row:auto}.slices figcaption{grid-column:1}}
@page{size:A4;margin:15mm 14mm 18mm;@bottom-left{content:"Research use only. Not a medical device.";font:8pt sans-serif;color:${palette.muted}}@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif;color:${palette.muted}}}
@media print{
body{font-size:10pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main,header,footer{max-width:none;padding:0}
nav,.skip{display:none}
h1{font-size:19pt}h2{font-size:13.5pt;margin-top:20pt;break-after:avoid}h3{break-after:avoid}
.lead{font-size:11pt}.tile dd{font-size:14pt}
.tiles{grid-template-columns:repeat(4,minmax(0,1fr));gap:8pt}.tile{padding:8pt}.tile dt,.tile dd.note,.note,figcaption,.legend,.panel-title,ol.references{font-size:8.5pt}.tile dd small{font-size:9pt}
.columns{grid-template-columns:1fr 1fr;gap:0 18pt}
table{font-size:9pt}.facts th{width:45%}
figure,tr,.tile,.table,.attention{break-inside:avoid}
.table{overflow:visible}th.number{white-space:normal}.tile dd{white-space:normal}
caption{break-after:avoid}
a{color:inherit;text-decoration:none}
}
`;

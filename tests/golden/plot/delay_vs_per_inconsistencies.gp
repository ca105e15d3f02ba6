# Draws itself: gnuplot <this file>. The data stands in it.
$data << EOD
# dynamo-sns
# delay_ms	share	low	high	least_share	events	n	rounds
0	0.62	0.575846089	0.6627260377	0.62	310	500	1
100	0.488	0.4433694629	0.5327732031	0.488	244	500	1
500	0.122	0.09461889646	0.1539420968	0.122	61	500	1


# each round: delay_ms	share	rounds
0	0.62	1
100	0.488	1
500	0.122	1


# cache-sns
# delay_ms	share	low	high	least_share	events	n	rounds
0	0.086	0.06293676657	0.1140936693	0.086	43	500	1
50	0.023	0.01463458233	0.03431233761	0.016	23	1000	2
100	0.008	0.002183908108	0.02035563259	0.008	4	500	1
150	0.006	0.001239057544	0.01743367373	0.006	3	500	1
200	0.002	5.063433401e-05	0.0110924769	0.002	1	500	1
300	0.006	0.001239057544	0.01743367373	0.006	3	500	1
500	0.006	0.001239057544	0.01743367373	0.006	3	500	1
1000	0	0	0.00765571015	?	0	480	1


# each round: delay_ms	share	rounds
0	0.086	1
50	0.016	2
50	0.03	2
100	0.008	1
150	0.006	1
200	0.002	1
300	0.006	1
500	0.006	1
1000	0	1
EOD
set encoding utf8
set border 3 lw 1 lc rgb '#444444'
set tics nomirror out
set grid ytics lt 1 lc rgb '#cccccc' lw 1
set key at graph 1, screen 0.885 right top horizontal Left reverse samplen 1 width 2
set style fill solid 1.0 noborder
set tmargin at screen 0.826
set lmargin 13
set rmargin 4
set label 1 '{/:Bold=15 Inconsistent reads by artificial delay}' at graph 0, screen 0.955 left
set label 2 'dots: share of all rounds, with its exact 95% interval; circles: each round; crosses: as published, the least of them' at graph 0, screen 0.91 left noenhanced font ',10' tc rgb '#666666'
at(d, i) = (d > 0 ? d : 22.3342) * 1.01985 ** (i - 0.5)
set logscale x
set xrange [43.4348:1151.15]
unset mxtics
set xtics ('50 ms' 50, '' 60 1, '' 70 1, '' 80 1, '' 90 1, '100 ms' 100, '200 ms' 200, '' 300 1, '' 400 1, '500 ms' 500, '' 600 1, '' 700 1, '' 800 1, '' 900 1, '1 s' 1000)
set xrange [19.421:1150]
set xtics add ('0' 22.3342)
set arrow from 30.2339, graph -0.015 to 31.1547, graph 0.015 nohead front lw 2 lc rgb '#444444'
set arrow from 31.1547, graph -0.015 to 32.1036, graph 0.015 nohead front lw 2 lc rgb '#444444'
set yrange [0:71.5744]
set format y '%g %%'
set grid xtics lt 1 lc rgb '#eeeeee' lw 1
set xlabel 'delay between write and notification (log scale)'
set ylabel 'inconsistent reads'
set datafile separator '\t'
set datafile missing '?'
set bmargin 4.5
DRAW = "plot $data index 0 using ($1 > 0 ? at($1, 0) : NaN):(100 * $2) with lines lw 2.5 lc rgb '#0072B2' notitle, $data index 2 using ($1 > 0 ? at($1, 1) : NaN):(100 * $2) with lines lw 2.5 lc rgb '#D55E00' notitle, $data index 0 using (at($1, 0)):(100 * $2):(100 * $3):(100 * $4) with yerrorbars pt 7 ps 1.4 * dot lw 2 lc rgb '#0072B2' title 'DynamoDB, SNS', $data index 1 using (at($1, 0)):($3 > 1 ? 100 * $2 : NaN) with points pt 6 ps 1.1 * dot lw 1.5 lc rgb '#0072B2' notitle, $data index 0 using (at($1, 0)):($8 > 1 ? 100 * $5 : NaN) with points pt 2 ps 1.4 * dot lw 2 lc rgb '#0072B2' notitle, $data index 2 using (at($1, 1)):(100 * $2):(100 * $3):(100 * $4) with yerrorbars pt 7 ps 1.4 * dot lw 2 lc rgb '#D55E00' title 'Redis, SNS', $data index 3 using (at($1, 1)):($3 > 1 ? 100 * $2 : NaN) with points pt 6 ps 1.1 * dot lw 1.5 lc rgb '#D55E00' notitle, $data index 2 using (at($1, 1)):($8 > 1 ? 100 * $5 : NaN) with points pt 2 ps 1.4 * dot lw 2 lc rgb '#D55E00' notitle"
set terminal pngcairo size 1400,840 font 'DejaVu Sans,12' fontscale 1.35 background rgb 'white'
dot = 1
set output 'delay_vs_per_inconsistencies.png'
@DRAW
unset output
set terminal svg size 778,467 dynamic font 'DejaVu Sans,12' linewidth 0.56 background rgb 'white'
dot = 0.45
set output 'delay_vs_per_inconsistencies.svg'
@DRAW
unset output
set terminal pdfcairo size 14.5833in,8.75in font 'DejaVu Sans,12' fontscale 1 background rgb 'white'
dot = 1
set output 'delay_vs_per_inconsistencies.pdf'
@DRAW
unset output
